extension HL7SegmentFacts {
    static let nToZ = """
        NCK TS,hDTM
        NDS[e] NM TS,hDTM CE,hCWE*2
        NK1 SI PN,cXPN ST,bCE,hCWE AD,cXAD TN,cXTN .,bTN,cXTN .,bCE,hCWE .,bDT*2 .,bST .,bCM_JOB_CODE,cJCC .,bST,cCX .,bST,cXON \
        .,cIS,dCE,hCWE .,cIS,iCWE .,cTS,hDTM .,cIS,iCWE*2 .,cIS,dCE,hCWE .,cCE,hCWE .,cIS,iCWE .,cCE,hCWE .,cID .,cIS,iCWE \
        .,cIS,dCE,hCWE .,cXPN .,cCE,hCWE .,cIS,dCE,hCWE .,cCE,hCWE .,cXPN .,cXTN .,cXAD .,cCX .,cIS,iCWE .,cIS,dCE,hCWE .,cIS,iCWE \
        .,cST .,fST .,fIS,iCWE .,iXTN*2
        NPU ID,bCM_INTERNAL_LOCATION,cPL ID,cIS,iCWE
        NSC ID,dIS,iCWE ST*2 ST,eHD*2 ST*2 ST,eHD ST,c.,dST,eHD
        NST ID ST ID TS,hDTM*2 NM*10
        NTE SI ID TX,bFT .,dCE,hCWE .,hXCN .,hDTM*3
        OBR SI CM,bCM_PLACER,cEI CM,bCM_FILLER,cEI CE,hCWE ST,bID,iX TS,hDTM,iX TS,hDTM*2 CQ CN,cXCN ST,bID CM,bCE,hCWE ST,iCWE \
        TS,hDTM,iX CM,bCM_SPS,dSPS,iX CN,cXCN TN,cXTN ST*4 TS,hDTM CM,bCM_MOC,dMOC ID*2 CM,bCM_PARENT_RESULT,cCM_PRL,dPRL CM,bTQ,iX \
        CN,cXCN CM,bCM_EIP,dEIP ID CE,hCWE CN,bCM_NDL,dNDL*4 TS,hDTM .,cNM .,cCE,hCWE*3 .,cID*2 .,cCE,hCWE .,dCE,hCNE*2 .,eCE,hCWE*2 \
        .,fCWE .,fIS,iCWE .,gCWE .,iEI*2 .,iCX .,iEIP
        OBX SI ID CE,hCWE NM,bST,mOG V ID,bCE,hCWE ST ST,bID,eIS,iCWE NM ID*2 TS,hDTM .,bST .,bTS,hDTM .,bCE,hCWE .,bCN,cXCN \
        .,cCE,hCWE .,eEI .,eTS,hDTM .,hCWE .,hEI .,hCNE .,gXON .,gXAD .,gXCN .,iID .,kCWE*2 .,lID .,mID
        ODS[b] ID CE,hCWE*2 ST
        ODT[b] CE,hCWE*2 ST
        OM1[b] ST,cNM NM,cCE,hCWE CE,cID ID ID,cCE,hCWE CE,dTX TX,cCE,hCWE CE,cST ST*3 ST,cID ID,cCE,hCWE CE,hCWE CE,cID ID,cCE,hCWE \
        ID,cTN,dXTN TN,cID,dIS,iCWE ID,cCE,hCWE CE,cST ST,cTS,hDTM TS,hDTM TS,cNM NM NM,cID ID ID,cCE,hCWE CE,cAD,dXAD AD,cTN,dXTN \
        TN,cID,dIS,fCWE ID,cCE,hCWE CE,cTX TX,cCE,hCWE CE,hCWE CE,cST,dTX ST,cCE,hCWE CE,cTX TX,cCE,hCWE CE,cTX TX,cST ST,cTX \
        TX,cCE,hCWE .,cCE,hCWE .,cTX .,cCE,hCWE*3 .,kID*2 .,kCWE .,kST .,lCWE .,lTX*2 .,lCWE .,mCWE .,mCQ .,mCWE .,mNR
        OM2[b] ST,cNM NM,cCE,hCWE CE,cNM NM,cCE,hCWE CE,cTX TX,cCM_RFR,dRFR CM_RFR,cCM_RANGE,dNR,fRFR CM_RANGE,cCM_ABS_RANGE,dRFR \
        CM_ABS_RANGE,cCM_DLT,dDLT CM_DLT,cNM NM,c.
        OM3[b] ST,cNM NM,cCE,hCWE ID,cCE,hCWE CE,hCWE*3 CE,cID ID,c.
        OM4[b] ST,cNM NM,cID ID,cTX TX,cNM NM,cCE,hCWE CE,hCWE CE,fCWE CE,cTX TX TX,cCQ CQ CQ,cTX TX,cID ID,cCQ CQ,c.,kCWE .,kID \
        .,kNM .,kCWE
        OM5[b] ST,cNM NM,cCE,hCWE CE,cST ST,c.
        OM6[b] ST,cNM NM,cTX TX,c.
        OM7[e] NM CE,hCWE*2 TX ST TS,hDTM*2 NM CE,hCWE IS,iCWE ID CE,hCWE TS,hDTM*2 NM CE,hCWE NM CE,hCWE TS,hDTM XCN PL IS,iCWE ID \
        CE,hCWE
        OMC[m] NM ID EI CWE*3 ID ST V ID CWE NM*2
        ORC ST,bID CM,bCM_PLACER,cEI CM,bCM_FILLER,cEI CM,bCM_GROUP_ID,cEI,kEIP ST,bID*2 CM,bTQ,iX CM,bCM_EIP,dEIP TS,hDTM CN,cXCN*3 \
        CM,bCM_PARENT_RESULT,cPL TN,dXTN .,bTS,hDTM .,bCE,hCWE*3 .,bCN,cXCN .,dCE,hCWE .,dXON .,dXAD .,dXTN .,dXAD .,eCWE .,fCWE \
        .,fTS,hDTM .,fCWE*2 .,fCNE .,gCWE .,iDT .,iCX .,kCWE
        ORG[e] SI CE,hCWE*2 ID CX CE,hCWE*3 DR CE,hCWE ID*2 .,iCWE
        OVR[f] CWE*2 TX XCN*2
        PAC[i] SI EI*2 NA CWE*4
        PCE[h] SI IS,iCX CWE CP
        PCR[c] CE,hCWE IS CE,hCWE CQ TS,hDTM*4 IS,iCWE CE,hCWE IS,iCWE ST IS,iCWE CE,hCWE*3 ID TS,hDTM ID*5
        PD1 ST,cIS,iCWE .,cIS,iCWE .,cXON .,cXCN,iX .,cIS,iCWE*4 .,cID .,cCX .,cCE,hCWE .,cID .,eDT .,eXON .,eCE,hCWE .,eIS,iCWE \
        .,eDT*2 .,eIS,iCWE*3 .,hDT
        PDA[e] CE,hCWE PL ID TS,hDTM XCN ID DR XCN ID
        PDC[c] XON CE,hCWE ST*2 CE,hCWE ST*3 CE,hCWE ID ST CQ*2 TS,hDTM*2
        PEO[c] CE,hCWE*2 TS,hDTM*4 XAD ID*5 FT*5 CE,hCWE XPN XAD XTN ID*2 TS,hDTM ID
        PES[c] XON XCN XAD XTN EI NM FT*2 TS,hDTM*2 ID*3
        PID SI CK,bCM_PAT_ID,cCX,iX CK,bCM_PAT_ID,cCX ST,cCX,iX PN,cXPN ST,cXPN DT,bTS,hDTM ID,cIS,iCWE PN,cXPN,iX ID,cIS,dCE,hCWE \
        AD,cXAD ID,cIS,iX TN,cXTN*2 ST,cCE,hCWE ID,cIS,dCE,hCWE*2 CK,bCM_PAT_ID,cCX ST,iX CM,bCM_LICENSE_NO,cDLN,iX .,bCM_PAT_ID,cCX \
        .,bID,cIS,dCE,hCWE .,bST .,bID .,bNM .,bID,cIS,dCE,hCWE .,bST,cCE,hCWE .,cCE,hCWE,iST,kX .,cTS,hDTM .,cID .,eID .,eIS,iCWE \
        .,eTS,hDTM .,eHD .,eCE,hCWE*2 .,eST .,eCE,hCWE .,fCWE .,iXTN
        PKG[h] SI CWE CNE NM CP*2 DTM .,kCWE
        PM1[m] CWE CX XON XAD XPN XTN ST XON DT*2 ID*12 ST*2
        PMT[h] EI DTM*2 CWE DTM CP EI XON ST CX XON ST
        PR1 SI ID,cIS,hX ID,cCE,hCNE ST,hX TS,hDTM ID,dIS,iCWE NM CN,cXCN,hX ID,cIS,iCWE NM CN,cXCN,hX CN,bCM_PRACTITIONER,cXCN,hX \
        ID,cCE,hCWE .,bNM,eID,iNM .,cCE,hCWE .,dCE,hCNE .,eIS,iCWE .,eCE,hCWE .,fEI .,fID .,hIS,iCWE*2 .,iPL .,iID .,iEI
        PRA[b] ST,dCE,hCWE CE,hCWE ID,dIS,iCWE ID CM_SPD,dSPD CM_PLN,dPLN CM_PIP,dPIP .,dDT .,eCE,hCWE .,eDT .,eCE,hCWE .,eSI
        PRB[c] ID TS,hDTM CE,hCWE EI*2 NM TS,hDTM*3 CE,hCWE*5 TS,hDTM*2 ST CE,hCWE*2 NM CE,hCWE*3 ST CE,hCWE .,hCWE*2 .,hCNE
        PRC[c] CE,hCWE EI,dCE,hCWE CE,hCWE ID,dIS,iCWE CP ST NM*2 MO*2 TS,hDTM*2 ID,dIS,iCWE CE,hCWE ID*2 MO ID,dIS,iCWE
        PRD[c] CE,hCWE XPN XAD PL XTN CE,hCWE CM_PI,dPI,fPLN TS,hDTM*2 .,hXON .,hXAD .,hPL .,hXTN .,hCWE
        PRT[i] EI ID CWE*2 XCN CWE*2 XON PL EI DTM*2 CWE XAD XTN .,mEI .,mDTM*2 .,mST*2 .,mEI .,mCNE
        PSG[h] EI*2 SI ID CP ST
        PSH[c] ST*2 TS,hDTM*3 CQ*2 ID FT CQ ID FT NM*2
        PSL[h] EI*2 SI EI*2 CWE*3 ST DTM*2 CQ CP NM CP*2 IS,iCWE ST EI IS,iCWE ID CWE CP NM CX DR NM*2 XCN*2 CWE*3 NM CP NM*2 CP NM \
        CP NM*2 CP*2 NM ID*2 ST
        PSS[h] EI*2 SI CP ST
        PTH[c] ID CE,hCWE EI TS,hDTM CE,hCWE TS,hDTM .,hCNE
        PV1 SI ID,dIS,iCWE ID,bCM_INTERNAL_LOCATION,cPL ID,dIS,iCWE ST,cCX ID,bCM_INTERNAL_LOCATION,cPL CN,cXCN*3 ID,dIS,iCWE \
        ID,bCM_INTERNAL_LOCATION,cPL ID,dIS,iCWE*3 ID,cIS,iCWE ID,dIS,iCWE CN,cXCN ID,dIS,iCWE NM,bCM_PAT_ID,cCX ID,bCM_FINANCE,cFC \
        ID,dIS,iCWE*4 DT NM*2 ID,dIS,iCWE*2 DT ID,dIS,iCWE NM*2 ID,dIS,iCWE DT ID,dIS,iCWE ID,bCM_DLD,dDLD ID,dCE,hCWE ID,dIS,iCWE \
        ID,cIS ID,dIS,iCWE ID,bCM_INTERNAL_LOCATION,cPL*2 TS,hDTM*2 NM*4 .,bCM_PAT_ID_0192,cCX .,cIS,iCWE .,cXCN,iX .,iST .,iCX
        PV2[b] CM_INTERNAL_LOCATION,cPL CE,hCWE*3 ST*2 ID,cIS,iCWE DT,cTS,hDTM*2 .,cNM*2 .,cST .,cXCN .,cDT .,cID .,cIS,iCWE .,cDT \
        .,cIS,iCWE .,cID .,cNM .,cIS,iCWE .,cID .,cXON .,cIS,iCWE*2 .,cDT .,cIS,iCWE .,cDT*2 .,cIS,dCE,hCWE .,cIS,iCWE .,cID \
        .,cTS,hDTM .,cID*4 .,eCE,hCWE*5 .,eIS,iCWE*2 .,eCE,hCWE .,eDT .,eTS,hDTM .,fTS,hDTM .,fIS,iCWE .,hDT
        PYE[h] SI IS,iCWE*2 XON XPN XAD IS,iCWE
        QAK[c] ST ID .,eCE,hCWE .,eNM*3
        QID[e] ST CE,hCWE
        QPD[e] CE,hCWE ST V
        QRD[a-h] TS,hDTM ID*2 ST ID TS,hDTM CQ ST,cXCN ID,cCE,hCWE ST,cCE,hCWE ST,bCM_VR,dVR ID
        QRF[a-h] ST TS,hDTM*2 ST*2 .,bID*3 .,cTQ .,eNM
        QRI[e] NM IS,iCWE CE,hCWE
        RCP[e] ID CQ CE,hCNE TS,hDTM ID SRT ID
        RDF[c] NM RCD
        RDT[c] V
        REL[h] SI CWE EI*4 XCN XON XAD XTN DR ID CWE NM*2 ID
        RF1[c] CE,hCWE*5 EI TS,hDTM*3 CE,hCWE EI .,hCWE .,kDTM .,kST .,kCQ*3 .,kMO .,kXON .,kXCN .,kST .,kDTM .,kXTN .,kST .,kID
        RFI[h] DTM*2 ID DTM
        RGS[c] SI ID CE,hCWE
        RMI[e] CE,hCWE TS,hDTM CE,hCWE
        ROL[c] EI ID CE,hCWE XCN TS,hDTM*2 CE,hCWE*2 .,eCE,hCWE*2 .,eXAD .,eXTN .,hPL .,iXON
        RQ1[b] SI,cST CE,hCWE ST CE,hCWE ST ID*2
        RQD[b] SI CE,hCWE*3 NM CE,hCWE ID,dIS,iCX ID,dIS,iCWE CE,hCWE DT
        RX1[a-a] ST*4 CQ*2 NM*2 CM ID NM CQ ST CE ID*4 NM ST NM ID NM ST CE ST ID TX*3
        RXA[b] NM,cID,dNM NM TS,hDTM*2 CE,hCWE NM CE,hCWE*2 ST,cCE,hCWE CN,cXCN CM_LA1,dLA2,kX ST .,cNM .,cCE,hCWE .,cST .,cTS,hDTM \
        .,cCE,hCWE*3 .,cID*2 .,cTS,hDTM .,fNM .,fCWE*2 .,fID .,hPL .,hXAD .,kEI
        RXC[b] ID CE,hCWE NM CE,hCWE .,cNM .,cCE,hCWE .,eCE,hCWE .,fNM .,fCWE .,kNM .,kCWE
        RXD[b] NM CE,hCWE TS,hDTM NM CE,hCWE*2 ST NM ST,cCE,dST CN,cXCN ID CQ CM_LA1,dLA2,kX ID CE,hCWE .,cNM .,cCE,hCWE .,cST \
        .,cTS,hDTM .,cCE,hCWE*2 .,cNM .,cCE,hCWE .,cID .,eCE,hCWE*3 .,fNM .,fCWE*2 .,fXAD .,fID .,fCWE .,iXTN .,kEI
        RXE[b] TQ,iX CE,hCWE NM*2 CE,hCWE*3 CM_LA1,dLA1,iX ID NM CE,hCWE NM CN,dXCN*2 ST NM*2 TS,hDTM CQ ID CE,hCWE ST CE,cST CE,hCWE \
        .,cNM .,cCE,hCWE*2 .,cNM .,cCE,hCWE .,cID .,eCE,hCWE .,fTS,hDTM .,fNM .,fCWE*2 .,fID .,fCWE*2 .,fNM .,fCWE .,fXAD .,fPL \
        .,fXAD .,fID .,iXTN
        RXG[b] NM,cID,dNM NM TQ,iX CE,hCWE NM*2 CE,hCWE*2 ST,cCE,hCWE ID CM_LA1,dLA2,kX ID CE,hCWE ST CE,cST CE,hCWE .,cNM .,cCE,hCWE \
        .,cST .,cTS,hDTM .,cCE,hCWE*2 .,fNM .,fCWE*2 .,fID .,hCWE .,hXAD .,hPL .,hXAD .,kEI .,kNM .,kCWE
        RXO[b] CE,hCWE NM*2 CE,hCWE*4 CM_LA1,dLA1,kX ID CE,hCWE NM CE,hCWE NM CN,dXCN*2 ID ST .,cNM .,cCE,hCWE*2 .,cST .,cCE,hCWE \
        .,dCQ .,eCE,hCWE .,fNM .,fCWE .,fID .,fNM .,hEI*2 .,hCNE .,hCWE .,hXAD .,hPL .,hXAD .,iXTN
        RXR[b] CE,hCWE CE,fCWE CE,hCWE CE,fCWE .,dCE,hCWE .,fCWE
        RXV[k] SI ID NM CWE NM CWE ID NM CWE NM CWE NM CWE NM CWE CQ*2 CWE*2 NM CWE ID
        SAC[e] EI*5 SPS,iX TS,hDTM CE,hCWE*2 EI NA CE,hCWE EI NA CE,hCWE NM*4 CE,hCWE NM*3 CE,hCWE*3 CE,fCWE CE,hCWE SN CE,hCWE SN NM \
        CE,hCWE NM CE,hCWE NM CE,hCWE NM CE,hCWE*4 CE,fCWE CE,hCWE
        SCD[h] TM NM CQ*2 NM CQ*4 CWE DTM CQ*4 TM CQ*2 CNE*6 XCN CNE*2 CWE CQ*3 CNE CX XCN SN CQ*2
        SCH[c] EI*2 NM EI,kEIP CE,hCWE*4 NM,iX CE,hCNE TQ,iX XCN XTN XAD PL XCN XTN XAD PL XCN XTN PL EI*2 CE,hCWE .,eEI*2
        SCP[h] NM CWE*2 EI ST*2 CWE*2
        SDD[h] EI*2 ST IS,iCWE*2 NM ST
        SFT[f] XON ST*3 TX TS,hDTM
        SGH[k] SI ST
        SGT[k] SI ST
        SHP[i] EI*2 CWE DTM TX CWE*2 NM CWE*3
        SID[e] CE,hCWE ST*2 CE,hCWE
        SLT[h] EI ST EI*2 ST
        SPM[f] SI EIP*2 CWE*8 CQ NM ST CWE*2 DR TS,hDTM*2 ID CWE*4 CQ NM CWE*3 .,iCX*2 .,iEI
        SPR[c-g] ST ID CE QIP
        STF[b] CE,hCWE CE,dCX PN,cXPN ID,dIS,iCWE ID,cIS,iCWE TS,hDTM ID CE,hCWE*2 TN,dXTN AD,dXAD CM_DIN,dDIN*2 CE,hCWE ST \
        ID,cCE,hCWE .,cIS,dCE,hCWE .,cST .,cJCC .,cIS,eCE,hCWE .,cID .,cDLN .,cID .,cDT*3 .,eCE,hCWE*2 .,eID .,fCE,hCWE .,fTS,hDTM \
        .,fID .,fCWE .,fDR .,fDT .,fCWE .,fID .,fCWE .,hCWE .,iCWE .,iED
        STZ[h] CWE*4
        TCC[e] CE,hCWE EI SPS,iX SN*4 NM ID*3 SN CE,hCWE*2 .,kCWE
        TCD[e] CE,hCWE SN*4 ID*2 CE,hCWE
        TQ1[f] SI CQ RPT TM CQ*2 TS,hDTM*2 CWE TX*2 ID CQ NM
        TQ2[f] SI ID EI*3 ID*2 CQ NM ID
        TXA[c] SI IS,iCWE ID TS,hDTM XCN TS,hDTM*3 XCN*3 EI*4 ST ID*4 ST PPN XCN .,iCWE .,iST .,iDTM
        UAC[h] CWE ED
        UB1 SI ST,bNM,hSI,iX ST,bNM,iX*4 ID,cIS,iX ST,bNM,iX*2 CM,bCM_UVC,dUVC,iX ST,bNM,iX ID,cCE,hCWE,iX ID,dCE,hCWE,iX DT,iX*2 \
        CM,bCM_OCD,dOCD,iX ID,dCE,hCWE,iX DT,iX*2 ST,iX*4
        UB2[b] SI ST ID,dIS,iCWE ST*2 CM_UVC,dUVC CM_OCD,dOCD CM_OSP,dOSP ST*8 .,cNM
        URD[a-h] TS,hDTM ID ST,cXCN ID,cCE,hCWE ST,cCE,hCWE ST ID
        URS[a-h] ST TS,hDTM*2 ST*2 .,bID*3 .,cTQ
        VAR[c] EI TS,hDTM*2 XCN CE,hCWE ST
        VND[h] SI EI ST EI CNE
        VTQ[c-g] ST ID CE*2 QSC
        """
}
