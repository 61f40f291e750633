/// The data type of each field of each segment, for all versions.
///
/// Shape: a line is a segment; its words are its fields. `CK,bCM_PAT_ID,cCX,iX` is CK at first, CM_PAT_ID from version `b`, CX from `c`
/// and withdrawn (`X`) from `i`; `*4` repeats the word; `.` is not defined, `V` varies. `[c-e]` behind a name limits the line to these
/// versions. The letters count 2.1 `a`, 2.2 `b`, 2.3 `c`, 2.3.1 `d`, 2.4 `e`, 2.5 `f`, 2.5.1 `g`, 2.6 `h`, 2.7 `i`, 2.7.1 `j`, 2.8 `k`,
/// 2.8.1 `l`, 2.8.2 `m`.
/// Source: HL7 v2.1 to v2.8.2, the segment attribute tables of chapters 2 to 17.
enum HL7SegmentFacts {
    static let aToM = """
        ABS[e] XCN CE,hCWE*2 TS,hDTM XCN CE,hCWE TS,hDTM XCN CE,hCWE ID CE,hCWE NM CE,hCWE ID
        ACC TS,hDTM ID,cCE,hCWE ST .,cCE,hCWE .,cID*2 .,eXCN .,eST*2 .,eID .,fXAD .,iNM .,kEI
        ADD ST
        ADJ[h] EI*2 SI IS,iCWE CP CQ CWE ST NM*2 IS,iCWE EI*2 DTM XON
        AFF[e] SI XON XAD DR ST
        AIG[c] SI ID CE,hCWE*3 NM CE,hCNE TS,hDTM NM CE,hCNE NM CE,hCNE IS,iCWE CE,hCWE
        AIL[c] SI ID PL CE,hCWE*2 TS,hDTM NM CE,hCNE NM CE,hCNE IS,iCWE CE,hCWE
        AIP[c] SI ID XCN CE,hCWE*2 TS,hDTM NM CE,hCNE NM CE,hCNE IS,iCWE CE,hCWE
        AIS[c] SI ID CE,hCWE TS,hDTM NM CE,hCNE NM CE,hCNE IS,iCWE CE,hCWE .,eCE,hCWE*2
        AL1[b] SI,eCE,fSI ID,dIS,eCE,hCWE CE,hCWE ID,dIS,eCE,hCWE ST DT,iX
        APR[c] SCV*3 NM SCV
        ARQ[c] EI*2 NM EI,kEIP CE,hCWE*4 NM CE,hCNE DR ST RI ST XCN XTN XAD PL XCN XTN PL EI*2 .,eEI*2
        ARV[h] SI CNE CWE*2 ST DR
        AUT[c] CE,hCWE*2 ST TS,hDTM*2 EI CP NM,iCQ*2 TS,hDTM .,iCWE*2 .,kCWE*2 .,kDTM .,kCWE .,kST .,kCQ*3 .,kCWE .,kMO .,kXON .,kXCN \
        .,kST .,kDTM .,kXTN .,kST .,kID
        BHS ST*2 ST,fHD*4 TS,hDTM ST*5 .,hHD*2
        BLC[e] CE,hCWE CQ
        BLG CM,bCM_CCD,dCCD ID CM,bCK_ACCOUNT_NO,cCK,dCX .,fCWE
        BPO[f] SI CWE*2 NM*2 CE,hCWE TS,hDTM PL XAD TS,hDTM PL XAD CWE ID
        BPX[f] SI CWE ID TS,hDTM EI CNE*2 CWE XON EI CNE*2 TS,hDTM NM*2 CE,hCWE EI PL XAD XCN*2
        BTS ST*2 CM,bCM_BATCH_TOTAL,cNM
        BTX[f] SI EI CNE*2 CWE XON EI NM*2 CE,hCWE CWE ID TS,hDTM XCN*2 TS,hDTM*2 CWE*2 .,kEI
        BUI[k] SI EI CWE NM CNE NM CNE ST*2 XON NR CNE
        CDM[c] CE,hCWE*2 ST*2 ID,dIS,iCWE CE,hCWE CE,hCNE ID CE,hCWE NM CK,fCX XON ID
        CDO[k] SI ID CQ*2
        CER[f] SI ST*2 XON XCN ED ID CWE*4 ID,iEI ST CWE*3 ID CWE ID CWE*3 TS,hDTM*7 CE,hCWE CWE
        CM0[c] SI EI CE,dEI ST XCN DT NM DT XCN XTN XAD
        CM1[c] SI CE,hCWE ST
        CM2[c] SI CE,hCWE ST CE,hCWE
        CNS[e] NM*2 TS,hDTM*2 CE,hCWE*2
        CON[f] SI CWE ST EI FT*5 CNE*2 TS,hDTM*4 ID*2 ID,hCWE ID CWE ID CWE*2 XPN IS,iCWE
        CSP[c] CE,hCWE TS,hDTM*2 CE,hCWE
        CSR[c] EI*2 CE,hCWE CX*2 TS,hDTM XCN*2 TS,hDTM CE,hCWE TS,hDTM CE,hCWE*3 TS,hDTM CE,hCWE
        CSS[c] CE,hCWE TS,hDTM CE,hCWE
        CTD[c] CE,hCWE XPN XAD PL XTN CE,hCWE CM_PI,dPI,fPLN
        CTI[c] EI CE,hCWE*2
        DB1[c] SI IS,iCWE CX ID DT*4
        DG1 SI ID,hX ID,cCE,hCWE ST,hX TS,hDTM ID,cIS,iCWE ST,bCE,hX ID,cCE,hX ID,hX ID,cIS,hX ID,cCE,hX NM,hX NM,cCP,hX ST,hX \
        .,bNM,dID,iNM .,bCN,cXCN .,cIS,iCWE .,cID .,cTS,hDTM .,fEI .,fID .,hEI .,hCWE .,hID .,hIS,iCWE*2
        DMI[h] CNE*2 NR NM*2
        DON[k] EI CNE DTM*2 NM CNE*3 ID CNE DTM CNE*3 ID XPN DTM XON DTM XPN CNE*2 XPN*2 ST*2 ID XPN DTM NM EI XCN*2
        DPS[m] CWE*2 DTM*2 CNE
        DRG[c] CE,hCNE TS,hDTM ID IS,iCWE CE,hCWE NM CP IS,iCWE CP ID .,eIS,iCWE .,hXPN .,hCWE*2 .,hNM .,hMO .,hIS,iCWE .,hST*2 \
        .,hIS,iCWE .,hMO*4 .,hNM .,hIS,iCWE*8
        DSC ST .,eID
        DSP SI*2 TX ST TX
        ECD[e] NM CE,hCWE ID TQ,iX ST,fTX
        ECR[e] CE,hCWE TS,hDTM ST,fTX
        EDU[e] SI IS,iCWE DR*2 DT XON CE,hCWE XAD .,fCWE
        EQL[c-g] ST ID CE ST
        EQP[e] CE,hCWE ST TS,hDTM*2 FT
        EQU[e] EI TS,hDTM CE,hCWE*3
        ERQ[c-g] ST CE QIP
        ERR ID,bCM_ELD,dELD,iX .,fERL .,fCWE .,fID .,fCWE .,fST .,fTX*2 .,fIS,iCWE .,fCWE*2 .,fXTN
        EVN ID,iX TS,hDTM*2 ID,dIS,iCWE .,bID,cCN,dXCN .,cTS,hDTM .,eHD
        FAC[c] EI ID XAD XTN XCN ST XAD XTN XCN ST XAD XTN
        FHS ST*2 ST,fHD*4 TS,hDTM ST*5 .,hHD*2
        FT1 SI ST*2 DT,cTS,fDR DT,cTS,hDTM ID,dIS,iCWE ID,bCE,hCWE ST,hX*2 NM NM,cCP*2 ST,bCE,hCWE ID,cCE,hCWE NM,cCP \
        ST,bCM_INTERNAL_LOCATION,cPL ID,dIS,iCWE*2 ID,bCE,hCWE CN,cXCN*2 NM,dCP .,bCM_FILLER,cEI .,cXCN .,cCE,hCNE .,dCE,hCNE \
        .,fCE,hCWE .,fCWE .,fCNE,hCWE .,fCX .,fSI .,iXON*2 .,iCWE .,iST .,iCWE*2 .,iCX*2 .,iCWE*2 .,iST .,iCQ
        FTS ST,bNM ST
        GOL[c] ID TS,hDTM CE,hCWE EI*2 NM TS,hDTM*2 CE,hCWE*3 TS,hDTM*3 TQ,iX CE,hCWE ST CE,hCWE TS,hDTM CE,hCWE XPN .,hCNE
        GP1[e] IS,iCWE*4 CP
        GP2[e] IS,iCWE NM CP IS,iCWE*3 CE,hCWE IS,iCWE*3 CP IS,iCWE CP NM
        GT1 SI ID,bCK,cCX PN,cXPN*2 AD,cXAD TN,cXTN*2 DT,cTS,hDTM ID,cIS,iCWE*2 ID,cIS,dCE,hCWE ST DT*2 NM ST,cXPN AD,cXAD TN,cXTN \
        ST,cCX ID,cIS,iCWE .,bST,cXON .,cID .,cCE,hCWE .,cTS,hDTM .,cID .,cCE,hCWE .,cCP .,cNM .,cCX .,cIS,dCE,hCWE .,cDT*2 \
        .,cIS,iCWE*2 .,cIS,dCE,hCWE .,cCE,hCWE .,cIS,iCWE .,cCE,hCWE .,cID .,cIS,iCWE .,cIS,dCE,hCWE .,cXPN .,cCE,hCWE .,cIS,dCE,hCWE \
        .,cXPN .,cXTN .,cCE,hCWE .,cIS,iCWE .,cST .,cJCC .,cXON .,cIS,iCWE*2 .,cFC .,cIS,dCE,hCWE .,fST .,fIS,iCWE
        IAM[e] SI CE,hCWE*3 ST CNE EI ST CE,hCWE*2 DT ST TS,hDTM XPN CE,hCWE*3 XCN XON TS,hDTM .,iXCN .,iDTM .,iXCN .,iDTM .,iXCN \
        .,iDTM .,iCWE .,iXON*3
        IAR[i] CWE*3 ST
        IIM[f] CWE*2 ST TS,hDTM CWE*2 TS,hDTM NM CWE MO TS,hDTM NM CWE CE,hCNE*2
        ILT[h] SI ST DTM*2 NM CWE MO DTM NM CWE
        IN1 SI ID,cCE,hCWE ST,cCX ST,cXON AD,cXAD PN,cXPN TN,cXTN ST ST,cXON ST,cCX ST,cXON DT*2 ST,bCM_AUI,dAUI ID,cIS,iCWE PN,cXPN \
        ID,cIS,dCE,hCWE DT,cTS,hDTM AD,cXAD ID,cIS,iCWE*2 ST ID DT ID DT ID,cIS,iCWE ST DT,bTS,hDTM CM,bCN,cXPN,dXCN ID,cIS,iCWE*2 \
        NM*2 ST,bID,cIS,iCWE ST NM,cCP NM,cCP,hX NM NM,cCP,hX*2 ID,bCE,hCWE ID,cIS,iCWE AD,cXAD .,bST .,bID,cIS,iCWE .,cIS,iCWE*2 \
        .,cCX .,fIS,iCWE .,fDT .,fST .,fIS,iCWE .,iCX .,kID
        IN2[b] ST,cCX ST CN,cXCN ID,cIS,iCWE*2 NM,cST PN,cXPN NM,cST PN,cXPN NM,cST ID,cCE,hCWE ST*2 ID,cIS,iCWE*3 DT ID*3 NM,cST \
        PN,cXPN ST ID,cST,dIS,iCWE ST,cCX*2 ID,cIS,iCWE CM_RMC,dRMC CM_PTA,dPTA CM_DDI,dDDI .,cIS,iCWE*2 .,cIS,dCE,hCWE .,cCE,hCWE \
        .,cIS,iCWE .,cCE,hCWE .,cID .,cIS,iCWE .,cIS,dCE,hCWE .,cXPN .,cCE,hCWE .,cIS,dCE,hCWE*2 .,cDT*2 .,cST .,cJCC .,cIS,iCWE \
        .,cXPN .,cXTN .,cIS,iCWE .,cXPN .,cXTN .,cIS,iCWE .,cDT*2 .,cIS,iCWE .,cXTN .,cIS,iCWE*2 .,cCX .,cIS,dCE,hCWE .,cXTN*2 \
        .,cCE,hCWE .,cID*3 .,cXON*2 .,cIS,dCE,hCWE .,cID,dCE,hCWE
        IN3[b] SI ST,cCX CN,cXCN ID CM_PEN,dMOP TS,hDTM*2 CN,cXCN DT*2 CM_DTN,dDTN CE,hCWE TS,hDTM CN,cXCN ST TN,cXTN CE,hCWE*2 \
        TN,cXTN CM_PCF,dPCF,fICD ST DT ID,cIS,iCWE*2 CN,cXCN .,kCWE*2
        INV[e] CE,hCWE*6 NM*4 CE,hCWE TS,hDTM*2 TQ,iX CE,hCWE ST CE,hCWE*2 .,fCQ*2
        IPC[f] EI*4 CE,hCWE*2 EI CE,hCWE ST
        IPR[h] EI*3 CWE DTM CP DTM ST
        ISD[e] NM CE,hCWE*2
        ITM[h] EI ST CWE*3 CNE EI ST*2 CWE CNE CWE CP CNE CWE XON CNE CWE IS,iCWE NM MO CNE*3 EI CNE*3 CWE .,kCNE*2 .,kEI .,kCWE
        IVC[h] EI*3 IS,iCWE*3 DTM CP ST XON*2 XCN ID DTM ST CP*3 XCN CX CP*3 NM IS,iCWE ST*2 IS,iCWE*2 ST
        IVT[h] SI EI ST EI ST CWE EI CWE*2 EI CNE CWE CP CWE CNE*3 CP EI*2 CWE NM*4 CNE
        LAN[e] SI CE,hCWE*3
        LCC[c] PL IS,eCE,hCWE CE,hCWE*2
        LCH[c] PL ID EI CE,hCWE*2
        LDP[c] PL IS,eCE,hCWE IS,iCWE CE,hCWE ID,dIS,iCWE ID TS,hDTM*2 ST VH XTN .,eCE,hCWE
        LOC[c] PL ST IS,iCWE XON XAD XTN CE,hCWE ID,dIS,iCWE .,eIS,iCWE
        LRL[c] PL ID EI CE,hCWE XON PL
        MCP[m] SI CWE MO*2 ST
        MFA[b] ID ST TS,hDTM CE,hCWE CE,fV .,dID
        MFE[b] ID ST TS,hDTM CE,dV .,dID .,hDTM .,hXCN
        MFI[b] CE,hCWE ID,cHD ID TS,hDTM*2 ID
        MRG CK,bCM_PAT_ID,cCX CK,bCM_PAT_ID,cCX,iX CK,bCK_ACCOUNT_NO,cCX .,bCM_PAT_ID,cCX,iX .,cCX*2 .,cCX,dXPN
        MSA ID ST ST,iX NM ID,g.,hX .,bCE,hCNE,iX .,hNM .,hID
        MSH ST*2 ST,cHD*4 TS,hDTM ST CM_MSG,dMSG ST ID,cPT NM,bID,dVID NM ST .,bID*3 .,cID .,cCE,hCWE .,dID .,eID,fEI .,hXON*2 \
        .,hHD*2
        """
}
